/** A server of your own for tests. */
@NullMarked
package dev.pawl.testing;

import org.jspecify.annotations.NullMarked;
