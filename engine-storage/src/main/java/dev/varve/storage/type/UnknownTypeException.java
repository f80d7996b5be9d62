// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.type;

/// A spelling that names no type. The message says which piece, and the nearest name there is.
public final class UnknownTypeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public UnknownTypeException(String message) {
    super(message);
  }
}
