// SPDX-License-Identifier: Apache-2.0
/// Benchmarks of whole jobs: same data and same question for Varve and a peer, in turns, answers
/// checked before any time counts.
package dev.varve.bench;
