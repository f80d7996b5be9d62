// SPDX-License-Identifier: Apache-2.0
/// Transactions over several partitions: who has one open, how it ends, and what a restart makes of
/// those that were ending.
package dev.varve.ingest.transaction;
