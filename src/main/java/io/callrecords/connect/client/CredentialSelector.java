package io.callrecords.connect.client;

import io.callrecords.connect.config.ApiOptions.Credentials;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs with the secret that the API accepts, where there are two: it remembers which one that is,
 * and turns to the other when it is refused. Runs on the loop.
 */
final class CredentialSelector {
  private static final Logger LOG = LoggerFactory.getLogger(CredentialSelector.class);

  private final List<Signer> signers = new ArrayList<>();
  private final List<Integer> refused = new ArrayList<>();
  private int current;
  private int lastAccepted = -1;
  private int changes;

  CredentialSelector(Credentials credentials) {
    signers.add(new Signer(credentials));
    String previous = credentials.previousSecret();
    if (previous != null) {
      signers.add(new Signer(new Credentials(credentials.key(), previous)));
    }
  }

  /** The number of the secret to sign with. */
  int current() {
    return current;
  }

  /** How often another secret has been turned to that may well be accepted. */
  int changes() {
    return changes;
  }

  /** The headers that authenticate a request with one of the secrets. */
  Map<String, String> headers(int secret, Instant now) {
    return signers.get(secret).headers(now);
  }

  /** Records that the API has accepted a secret. */
  void accept(int secret) {
    refused.clear();
    current = secret;
    if (secret == lastAccepted || signers.size() == 1) {
      return;
    }
    lastAccepted = secret;
    if (secret == 0) {
      LOG.info("The API accepts api.secret. Remove api.secret.previous; it is no longer needed.");
    } else {
      LOG.info("The API accepts api.secret.previous, and not api.secret yet.");
    }
  }

  /** Records that the API has refused a signature that was made with a secret. */
  void refuse(int secret) {
    if (signers.size() == 1 || secret != current) {
      return;
    }
    refused.add(secret);
    current = signers.size() - 1 - secret;
    if (!refused.contains(current)) {
      changes++;
    }
  }
}
