// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.engine;

import dev.varve.storage.part.PartInfo;
import dev.varve.storage.table.Quarantine;

/// A part that nobody reads because its bytes are damaged, or were when it was opened.
///
/// @param why what was found, and when
/// @param kept whether the manifest knows; if not, the next start looks at the part anew
/// @param lost whether not even its bounds could be read
public record QuarantinedPart(PartInfo part, Quarantine why, boolean kept, boolean lost) {}
