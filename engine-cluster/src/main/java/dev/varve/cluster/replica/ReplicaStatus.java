// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.replica;

/// A server that keeps the shared catalog, as another one sees it.
///
/// @param address `host:port` of its HTTP; empty while it is away
/// @param version of the last change it applied, -1 where it does not say
/// @param behind changes it has still to apply, -1 where it does not say
public record ReplicaStatus(
    int id,
    String address,
    boolean isLocal,
    boolean isPrimary,
    boolean isLive,
    long version,
    long behind,
    String failure) {}
