/** Brokers and workers in processes of their own, and what is tested with them. */
@NullMarked
package io.callrecords.connect.process;

import org.jspecify.annotations.NullMarked;
