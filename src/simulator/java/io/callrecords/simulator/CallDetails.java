package io.callrecords.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Fills in everything about a call that follows from its times and one random number. */
final class CallDetails {
  private static final int OUTGOING = 3;
  private static final int INCOMING = 2;
  private static final int GROUP = 1;

  private static final List<String> GROUPS =
      List.of("Sales", "Support", "客服一组", "Équipe nuit", "Collections");
  private static final List<String> COUNTRY_CODES = List.of("91", "86", "1", "55", "62", "234");
  private static final List<String> COUNTRIES =
      List.of("India", "China", "United States", "Brazil", "Indonesia", "Nigeria");
  private static final List<String> INFOS =
      List.of(
          "Test data test data",
          "客户：王小明，已付定金",
          "Zoë Ångström – prêt à signer",
          "said \"call back\"\nafter 6 pm\t(maybe)",
          "📞 prefers mobile \\ no mail",
          "");
  private static final List<List<String>> LABELS =
      List.of(
          List.of(),
          List.of("Intended customers"),
          List.of("Intended customers", "High level"),
          List.of("回访"),
          List.of("VIP", "回访", "Réclamation"),
          List.of());
  private static final List<String> REMARKS =
      List.of("", "", "", "", "Remark message", "无人接听，明天再打", "asked for \"the boss\"");
  private static final int AGENTS = 60;

  private final List<String> agents;
  private final List<String> accounts;
  private final SessionIds ids;

  CallDetails(SessionIds ids) {
    this.ids = ids;
    agents = named("0705C049_%03d");
    accounts = named("agent%03d@example.com");
  }

  private static List<String> named(String form) {
    return IntStream.range(0, AGENTS).mapToObj(i -> String.format(Locale.ROOT, form, i)).toList();
  }

  /**
   * The call that belongs to some numbers: the same numbers always give the same call.
   *
   * @param draw the random number that decides all details
   * @param start when the call started, in epoch seconds
   * @param ring the seconds that it rang
   * @param talk the seconds from answer to end, or less than zero when nobody answered
   * @param number the number of its session id
   * @param appearsAt from when on queries find it
   */
  Call call(long draw, long start, int ring, int talk, int number, Instant appearsAt) {
    SplittableRandom random = new SplittableRandom(draw);
    boolean answered = talk >= 0;
    long end = start + ring + Math.max(talk, 0);
    String id = ids.id(end, number);
    int type = type(random.nextInt(10));
    int country = random.nextInt(COUNTRIES.size());
    int agent = random.nextInt(AGENTS);
    int reason = reason(type, answered, random.nextInt(10));
    return new Call(
        id,
        random.nextInt(8) == 0 ? phone("", 20, random) : "",
        called(COUNTRY_CODES.get(country), random),
        random.nextInt(5) < 2 ? null : pick(INFOS, random),
        phone(COUNTRY_CODES.get(country), 8, random),
        COUNTRY_CODES.get(country),
        COUNTRIES.get(country),
        agents.get(agent),
        GROUPS.get(agent % GROUPS.size()),
        accounts.get(agent),
        Math.max(talk, 0),
        type,
        hangupCode(reason),
        reason,
        direction(reason, random),
        pick(LABELS, random),
        pick(REMARKS, random),
        dollars(talk, 31),
        dollars(talk, 47),
        Instant.ofEpochSecond(start),
        answered ? Instant.ofEpochSecond(start + ring) : null,
        Instant.ofEpochSecond(end),
        recording(id, answered, random),
        appearsAt,
        appearsAt,
        Map.of());
  }

  /** The seconds in which a call with an id may have ended. */
  long[] ends(String id) {
    return ids.ends(id);
  }

  private static int type(int tenth) {
    if (tenth < 6) {
      return OUTGOING;
    }
    return tenth < 9 ? INCOMING : GROUP;
  }

  private static int reason(int type, boolean answered, int tenth) {
    if (tenth == 0) {
      return 4;
    }
    if (type == INCOMING) {
      return answered ? 9 : 8;
    }
    if (type == GROUP) {
      return answered ? 3 : 2;
    }
    if (answered) {
      return 1;
    }
    return tenth < 7 ? 0 : tenth - 2;
  }

  private static int direction(int reason, SplittableRandom random) {
    return reason >= 4 && reason <= 6 ? 3 : random.nextInt(2);
  }

  private static String hangupCode(int reason) {
    return switch (reason) {
      case 1, 3, 9 -> "200";
      case 4 -> "503";
      case 5 -> "404";
      case 6 -> "480";
      case 7 -> "486";
      default -> "487";
    };
  }

  private static @Nullable String recording(String id, boolean answered, SplittableRandom random) {
    if (!answered) {
      return random.nextInt(4) == 0 ? null : "";
    }
    return "https://recordings.example.com/voice/" + id + ".mp3";
  }

  private static String called(String ccode, SplittableRandom random) {
    String number = phone(ccode, 10, random);
    int length = number.length();
    return random.nextInt(8) == 0
        ? number.substring(0, length - 9) + "****" + number.substring(length - 5)
        : number;
  }

  private static String phone(String prefix, int digits, SplittableRandom random) {
    byte[] number = Arrays.copyOf(prefix.getBytes(ISO_8859_1), prefix.length() + digits);
    long rest = random.nextLong() >>> 1;
    for (int i = 0; i < digits; i++) {
      number[prefix.length() + i] = (byte) ('0' + rest % 10);
      rest = i == 15 ? random.nextLong() >>> 1 : rest / 10;
    }
    return new String(number, ISO_8859_1);
  }

  /** Exact decimals: a price per started minute, in hundredths of a cent. */
  private static String dollars(int talk, int perMinute) {
    int amount = (Math.max(talk, 0) + 59) / 60 * perMinute;
    String fraction = Integer.toString(10_000 + amount % 10_000);
    return amount / 10_000 + "." + fraction.substring(1);
  }

  private static <T> T pick(List<T> choices, SplittableRandom random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
