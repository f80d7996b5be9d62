// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.error.ErrorCode;
import dev.varve.storage.error.VarveException;
import dev.varve.storage.table.TableDefinition;

/// What the SETTINGS of a table say about its merges; the engine's settings where they are silent.
///
/// @param delayAtParts active parts of a partition from which on inserts wait for merges
/// @param refuseAtParts active parts of a partition from which on inserts are refused
/// @param ttlPauseSeconds after so long a time TTL is applied again
/// @param tombstoneGraceSeconds how long a deleted row of a versioned table keeps beating rows of a
///   lower version that come late, before a merge drops it
record TableSettings(
    int delayAtParts, int refuseAtParts, long ttlPauseSeconds, long tombstoneGraceSeconds) {
  static final String DELAY = "parts_to_delay_insert";
  static final String REFUSE = "parts_to_throw_insert";
  static final String TTL_PAUSE = "merge_with_ttl_timeout";
  static final String GRACE = "tombstone_grace_seconds";

  /// A week: longer than a producer may lag behind and still send an old version.
  static final long DEFAULT_GRACE_SECONDS = 7 * 24 * 3600;

  /// Ten minutes: looking for what has reached its age reads the columns that tell.
  static final long DEFAULT_TTL_PAUSE_SECONDS = 600;

  /// @throws VarveException BAD_ARGUMENTS naming the setting
  static TableSettings of(TableDefinition definition, MergeSettings defaults) {
    return new TableSettings(
        (int) number(definition, DELAY, 1, Integer.MAX_VALUE, defaults.delayAtParts()),
        (int) number(definition, REFUSE, 1, Integer.MAX_VALUE, defaults.refuseAtParts()),
        number(definition, TTL_PAUSE, 0, Integer.MAX_VALUE, DEFAULT_TTL_PAUSE_SECONDS),
        number(definition, GRACE, 0, Long.MAX_VALUE / 1000, DEFAULT_GRACE_SECONDS));
  }

  private static long number(
      TableDefinition definition, String name, long least, long most, long otherwise) {
    String text = definition.settings().get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      throw new VarveException(
          ErrorCode.BAD_ARGUMENTS, message(definition, name, least, most, text), notANumber);
    }
    throw new VarveException(ErrorCode.BAD_ARGUMENTS, message(definition, name, least, most, text));
  }

  private static String message(
      TableDefinition definition, String name, long least, long most, String text) {
    return "table "
        + definition.name()
        + ": "
        + name
        + " must be a number of "
        + least
        + " to "
        + most
        + ", found "
        + text;
  }
}
