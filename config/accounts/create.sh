#!/usr/bin/env bash
# Creates a connector for each line of a table of accounts, or gives it its new settings:
#
#   bash create.sh CONNECT_URL BASE.json ACCOUNTS.csv [GROUP=RATE ...]
#
# BASE.json has the settings that all have in common, as the examples of this folder have them. The first line of
# ACCOUNTS.csv names the columns: "name" is the connector's, each other one is a setting. A value that is empty leaves
# the setting as it is in BASE.json. Values have no commas and no quotes; secrets are references to a config provider.
#
# Connectors that ask the same account, or a gateway that limits them together, have the same word in the column
# "rate.group": they share the requests per second that GROUP=RATE gives, in equal parts.
#
# Lines may be added later, and the command run again: what has not changed goes on undisturbed. Each line of its output
# is the state of a connector. It tries all of them, and ends with 1 when one was refused or the worker did not answer.
# A worker that asks for a user and a password gets those of ~/.netrc.
set -euo pipefail

if [ $# -lt 3 ]; then
  sed -n '2,4p' "$0" | cut -c3- >&2
  exit 2
fi
connect=${1%/}
base=$2
table=$3
shift 3

fail() {
  echo "$1" >&2
  exit 2
}

rates=$(jq -n '[$ARGS.positional[] | split("=") | {(.[0]): (.[1] | tonumber | if . > 0 then . else error end)}] | add // {}' \
  --args -- "$@" 2>/dev/null) || fail "Each argument behind the table has to be GROUP=RATE, such as south=20"
jq -e 'type == "object"' "$base" >/dev/null || fail "$base has to be the JSON of a connector or of its settings"

# Its name and its settings, one line of JSON for each connector. What is wrong is told by the number of its line: any column may hold a secret.
configurations=$(jq -cRn --slurpfile base "$base" --argjson rates "$rates" '
  def trimmed: gsub("^\\s+|\\s+$"; "");
  def check($line; condition; $problem): if condition then . else "Line \($line): \($problem)\n" | halt_error(2) end;
  [inputs | sub("\r$"; "") | sub("^\ufeff"; "")] | to_entries | map(.key += 1 | select(.value | test("^\\s*(#|$)") | not))
  | check(1; length > 1; "the table has no accounts")
  | .[0] as $header
  | ($header.value | split(",") | map(trimmed)) as $columns
  | check($header.key; $columns | index("name"); "no column is called name; columns are separated by commas, without quotes")
  | check($header.key; $columns | (length == (unique | length)) and all(. != ""); "each column needs a name of its own")
  | [.[1:][] | .key as $line | .value
      | check($line; test("\"") | not; "a value is in quotes, or has one in it")
      | split(",") | map(trimmed)
      | check($line; length == ($columns | length); "\(length) values for \($columns | length) columns")
      | [$columns, .] | transpose | map({(.[0]): .[1]}) | add
      | check($line; .name != ""; "the name is empty")] as $accounts
  | ($accounts | group_by(.name) | map(select(length > 1)[0].name)) as $twice
  | check(1; $twice == []; "more than one line for " + ($twice | join(", ")))
  | ($accounts | map(.["rate.group"] // "" | select(. != "")) | group_by(.) | map({(.[0]): length}) | add // {}) as $sizes
  | ($sizes | keys - ($rates | keys)) as $unknown
  | check(1; $unknown == []; "no rate is given for the group " + ($unknown | join(", ")) + "; add GROUP=RATE to the command")
  | $accounts[]
  | (.["rate.group"] // "") as $group
  | {name, config: (
      ($base[0].config // $base[0] | map_values(if . == null then . else tostring end))
      + (if $group == "" then {} else {"requests.per.second": ($rates[$group] / $sizes[$group] * 1000 | floor / 1000 | tostring)} end)
      + (del(.name, .["rate.group"]) | with_entries(select(.value != "")))
      | del(.name))}
  ' "$table")

# Asks until no rebalance is in the way: a worker tells of one by 409, or by 500 and words. The last line is the status, 000 without an answer.
ask() {
  local wanted=$1 answer
  shift
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    answer=$(curl -sS --netrc-optional --connect-timeout 10 --max-time 120 -w '\n%{http_code}' "$@" <<<"$wanted") || answer=$'\n000'
    case ${answer##*$'\n'} in
      409) ;;
      500) [[ $answer == *"rebalance is expected"* ]] || break ;;
      *) break ;;
    esac
    sleep "$attempt"
  done
  printf '%s' "$answer"
}

failed=0
tell_refusal() {
  local name=$1 code=$2 body=$3
  failed=1
  if [ "$code" = 000 ]; then
    echo "$name: no answer" >&2
  else
    echo "$name: refused ($code): $(jq -r '.message // .' <<<"$body" 2>/dev/null || head -n 1 <<<"$body")" >&2
  fi
}

put() {
  local name=$1 path=$2 wanted=$3 answer code
  answer=$(ask "$wanted" -X PUT -H 'Content-Type: application/json' --data-binary @- "$path")
  code=${answer##*$'\n'}
  case $code in
    201) echo "$name: created" ;;
    200) echo "$name: changed" ;;
    *) tell_refusal "$name" "$code" "${answer%$'\n'*}" ;;
  esac
}

# Those that there are come first: where a group has grown, they get their smaller share before another one begins.
new=()
while IFS= read -r configuration; do
  name=$(jq -r .name <<<"$configuration")
  path=$connect/connectors/$(jq -rn --arg name "$name" '$name | @uri')/config
  wanted=$(jq -c --arg name "$name" '.config + {name: $name}' <<<"$configuration")
  answer=$(ask '' "$path")
  present=${answer%$'\n'*}
  case ${answer##*$'\n'} in
    200)
      if [ "$(jq -cS . <<<"$present" 2>/dev/null)" = "$(jq -cS . <<<"$wanted")" ]; then
        echo "$name: unchanged"
      else
        put "$name" "$path" "$wanted"
      fi
      ;;
    404) new+=("$name" "$path" "$wanted") ;;
    *) tell_refusal "$name" "${answer##*$'\n'}" "$present" ;;
  esac
done <<<"$configurations"
for ((i = 0; i < ${#new[@]}; i += 3)); do
  put "${new[@]:i:3}"
done
exit $failed
