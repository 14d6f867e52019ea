/**
 * Client and worker for Pawl, the durable state machine service.
 *
 * <p>{@link dev.pawl.Client} starts, watches and manages executions; {@link dev.pawl.Worker} works on their
 * tasks. All classes are safe for use by many threads unless they say otherwise; requests (the classes with
 * chained setters) are filled by one thread and then handed over.
 *
 * <p>Failures of calls are {@link dev.pawl.PawlError}, which is unchecked. Where something is absent, methods
 * marked {@code @Nullable} return null; texts are empty instead.
 */
@NullMarked
package dev.pawl;

import org.jspecify.annotations.NullMarked;
