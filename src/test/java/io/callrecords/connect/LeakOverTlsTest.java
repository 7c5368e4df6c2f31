package io.callrecords.connect;

import io.callrecords.simulator.Simulator;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** The same over encrypted connections, of which more classes of others could write something. */
@Tag("slow")
class LeakOverTlsTest extends LeakTest {
  private final TlsServerFixture tls = new TlsServerFixture();

  @Override
  Simulator.SimulatorBuilder newSimulator() {
    return super.newSimulator().sockets(tls.sockets());
  }

  @Override
  Map<String, String> trust() {
    return tls.trust();
  }
}
