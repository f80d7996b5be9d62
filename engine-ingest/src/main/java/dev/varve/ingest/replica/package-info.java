// SPDX-License-Identifier: Apache-2.0
/// The rules by which several servers keep one log, without threads, clock, network or disk: who
/// leads a partition, who is in sync, what is committed, where a follower's log is cut.
package dev.varve.ingest.replica;
