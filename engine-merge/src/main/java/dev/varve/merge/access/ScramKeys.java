// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.access;

/// What a server keeps of a password for SCRAM (RFC 5802): enough to check a proof, too little to
/// make one.
///
/// @param iterations of the key derivation
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record ScramKeys(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
  /// What stands where there are none.
  static final ScramKeys NONE = new ScramKeys(new byte[0], 0, new byte[0], new byte[0]);

  /// Whether there are none, so that nobody comes in by them.
  boolean isNone() {
    return storedKey.length == 0;
  }

  @Override
  public String toString() {
    return "ScramKeys[hidden]";
  }
}
