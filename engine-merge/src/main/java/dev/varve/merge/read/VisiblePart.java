// SPDX-License-Identifier: Apache-2.0
package dev.varve.merge.read;

import dev.varve.storage.part.Part;

/// A part as a query sees it. Overlay rows of Summing and Aggregating come as a part of their own.
public record VisiblePart(Part part, DeadRows dead) {}
