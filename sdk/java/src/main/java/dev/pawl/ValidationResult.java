package dev.pawl;

import java.util.List;

/**
 * What validation found.
 *
 * @param valid no diagnostic is an ERROR
 * @param diagnostics in the order of the text
 * @param truncated there were more
 */
public record ValidationResult(boolean valid, List<Diagnostic> diagnostics, boolean truncated) {}
