// SPDX-License-Identifier: Apache-2.0
package dev.varve.cluster.partlog;

/// The head as it was read, and the number of writes it had seen by then: who writes it names that
/// number, and is refused if somebody wrote meanwhile.
public record SeenHead(Head head, int version) {}
