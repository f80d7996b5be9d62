// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import java.util.List;

/// The rows that count of a set of parts, and the overlay parts made for it. Whoever resolved owns
/// it: closing frees the overlays. The parts themselves are leased elsewhere.
public final class Resolution implements AutoCloseable {
  private final List<VisiblePart> parts;
  private final List<AutoCloseable> owned;

  Resolution(List<VisiblePart> parts, List<AutoCloseable> owned) {
    this.parts = List.copyOf(parts);
    this.owned = List.copyOf(owned);
  }

  /// Parts that need no overlay.
  public static Resolution of(List<VisiblePart> parts) {
    return new Resolution(parts, List.of());
  }

  /// The parts given, without those of which no row counts, then overlays.
  public List<VisiblePart> parts() {
    return parts;
  }

  @Override
  public void close() {
    for (AutoCloseable resource : owned) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("an overlay could not be freed", e);
      }
    }
  }
}
