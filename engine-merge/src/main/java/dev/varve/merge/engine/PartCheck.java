// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.part.PartInfo;
import dev.varve.storage.part.PartVerifier;
import java.util.List;

/// What reading every byte of a part gave.
///
/// @param problems what is wrong with it, none where nothing is
public record PartCheck(PartInfo part, List<PartVerifier.Problem> problems) {
  public PartCheck {
    problems = List.copyOf(problems);
  }
}
