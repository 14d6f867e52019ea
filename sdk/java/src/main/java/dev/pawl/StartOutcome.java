package dev.pawl;

import org.jspecify.annotations.Nullable;

/**
 * What became of one of many starts: started or refused.
 *
 * @param index of the start in its source, from 0
 * @param started null: it was refused
 * @param error why it was refused; null: it was not
 */
public record StartOutcome(long index, @Nullable Started started, @Nullable PawlError error) {}
