// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.coordination;

/// A znode as it was read.
///
/// @param data shared, not to be changed
/// @param version grows by one with each write of its data
/// @param created zxid of its creation: another node of the same path has another
/// @param changed zxid of the last write of its data
/// @param owner session of an ephemeral node, else 0
public record Node(byte[] data, int version, long created, long changed, long owner) {}
