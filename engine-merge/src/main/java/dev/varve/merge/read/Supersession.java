// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.part.Part;
import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/// Which rows of two parts are beaten by the other part's row of their key, under the Replacing
/// rule. Rows of a key are in a total order, so a row is dead if and only if some one part beats
/// it: the pairs of a part are ORed, whatever other parts there are.
record Supersession(RoaringBitmap earlierDead, RoaringBitmap laterDead) {

  /// The dead rows of each part: those hidden by themselves and those beaten by any other.
  static List<RoaringBitmap> compose(
      List<Part> parts, PairStore<Supersession> pairs, List<RoaringBitmap> hidden) {
    List<RoaringBitmap> dead = new ArrayList<>();
    for (int p = 0; p < parts.size(); p++) {
      RoaringBitmap rows = hidden.get(p).clone();
      for (int o = 0; o < parts.size(); o++) {
        if (o != p) {
          Supersession pair = pairs.get(parts.get(Math.min(o, p)), parts.get(Math.max(o, p)));
          if (pair != null) {
            rows.or(p < o ? pair.earlierDead() : pair.laterDead());
          }
        }
      }
      dead.add(rows);
    }
    return dead;
  }
}
