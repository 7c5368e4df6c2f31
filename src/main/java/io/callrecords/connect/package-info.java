/** The connector and its task: thin shells that wire the stages. */
@NullMarked
package io.callrecords.connect;

import org.jspecify.annotations.NullMarked;
