/** The command that tries an account, and says what its API does. */
@NullMarked
package io.callrecords.cli.check;

import org.jspecify.annotations.NullMarked;
