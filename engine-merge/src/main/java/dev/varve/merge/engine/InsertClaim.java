// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

/// Holds the token of an INSERT, so that no other of the same token runs meanwhile.
///
/// @param isKnown whether an INSERT of this token is in the table: then there is nothing to do
public record InsertClaim(boolean isKnown, Runnable release) implements AutoCloseable {
  @Override
  public void close() {
    release.run();
  }
}
