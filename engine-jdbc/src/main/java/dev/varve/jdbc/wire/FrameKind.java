// SPDX-License-Identifier: Apache-2.0
package dev.varve.jdbc.wire;

/// What a frame holds. Requests use the kinds from 16 up, answers those below.
public enum FrameKind {
  /// One Arrow IPC message: first the schema, then record batches.
  DATA(1),
  /// How far the statement has come: [Progress].
  PROGRESS(2),
  /// The statement failed: [Failure]. Nothing follows.
  ERROR(3),
  /// The statement is done: [Ending]. Nothing follows.
  END(4),
  /// What [#DATA] holds, packed: [Lz4Block].
  PACKED(5),
  /// The statement to run, UTF-8.
  QUERY(16),
  /// A statement whose columns are wanted without running it, UTF-8.
  DESCRIBE(17),
  /// Values of `?`: [Parameters].
  PARAMETERS(18),
  /// A piece of the rows of an `INSERT … FORMAT`.
  ROWS(19);

  private final int code;

  FrameKind(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /// The kind of a code, or null where it is none of ours.
  public static FrameKind of(int code) {
    for (FrameKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    return null;
  }
}
