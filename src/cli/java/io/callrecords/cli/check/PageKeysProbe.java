package io.callrecords.cli.check;

import io.callrecords.cli.check.Fact.FactName;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which keys stand beside the rows that no document names. */
final class PageKeysProbe implements FactProbe {
  private static final FactName NAME = new FactName("paging.other-keys", "Other keys of a page");

  @Override
  public Fact examine(Survey survey) throws InterruptedException {
    survey.window();
    Set<String> keys = new TreeSet<>();
    List<ApiAnswer> pages = survey.caller().answers();
    pages.forEach(page -> keys.addAll(page.envelope().otherKeys()));
    String list = keys.isEmpty() ? "none" : String.join(", ", SafeText.keys(keys));
    return NAME.is(
        list,
        keys.isEmpty()
            ? "Beside rows and counters there is nothing."
            : "Beside rows and counters there are: " + list + ".",
        List.of(Fact.FactEvidence.of(pages.get(0), "other keys: " + list)));
  }
}
