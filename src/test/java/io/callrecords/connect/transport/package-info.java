/** Tests of what lies between the connector and the API, over real sockets: TLS and proxies. */
@NullMarked
package io.callrecords.connect.transport;

import org.jspecify.annotations.NullMarked;
