/** Signing, pages, retries, the rate limit and the server's clock. */
@NullMarked
package io.callrecords.connect.client;

import org.jspecify.annotations.NullMarked;
