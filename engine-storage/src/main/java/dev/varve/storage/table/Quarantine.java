// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

/// Why an active part is not read any more.
///
/// @param reason what was found: file, byte, what was expected and what is there
/// @param sinceMillis when it was found, milliseconds since the epoch
public record Quarantine(String reason, long sinceMillis) {}
