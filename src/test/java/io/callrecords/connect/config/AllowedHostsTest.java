package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves which hosts a worker's list lets connectors name. */
class AllowedHostsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "api.example.com | https://api.example.com/v3",
        "api.example.com | https://API.Example.com.:8443/v3",
        "a.com, API.example.com | https://api.example.com",
        "*.example.com | https://api.example.com",
        "*.example.com | https://eu.api.example.com",
        "10.0.0.1 | http://10.0.0.1:3128",
        "::1 | http://[::1]:8080"
      })
  void areThoseOfTheList(String list, String address) {
    assertThat(AllowedHosts.of(list).permit(URI.create(address))).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "api.example.com | https://example.com",
        "api.example.com | https://api.example.com.evil.org",
        "api.example.com | https://evil-api.example.com",
        "*.example.com | https://example.com",
        "*.example.com | https://.example.com",
        "*.example.com | https://evilexample.com",
        "* | https://api.example.com",
        "'' | https://api.example.com",
        "'' | https:///v3",
        "127.0.0.1 | http://localhost"
      })
  void areNoOthers(String list, String address) {
    assertThat(AllowedHosts.of(list).permit(URI.create(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.example.com:443",
        "https://127.0.0.1",
        "api.example.com/v3",
        "user@api.example.com",
        "*",
        "*.",
        "*.*",
        "127.0.0.*",
        "api.*.com",
        "10.0.0.1:80",
        "[::1]:8080",
        "fe80::1%eth0",
        "api example.com",
        "api..example.com",
        "-api.example.com"
      })
  void saysWhichEntryIsNoHost(String entry) {
    assertThat(AllowedHosts.of("a.com, " + entry + ",").malformed()).containsExactly(entry);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.example.com",
        "API.example.com.",
        "localhost",
        "*.example.com",
        "*.com",
        "10.0.0.1",
        "::1",
        "[2001:db8::1]",
        "::ffff:10.0.0.1",
        "xn--mller-kva.de",
        ""
      })
  void takesEachHostForOne(String entry) {
    assertThat(AllowedHosts.of("a.com," + entry).malformed()).isEmpty();
  }

  @Test
  void areAllWithoutAList() {
    assertThat(AllowedHosts.of(null).malformed()).isEmpty();
    assertThat(AllowedHosts.of(null).permit(URI.create("https://any.example.com"))).isTrue();
  }
}
