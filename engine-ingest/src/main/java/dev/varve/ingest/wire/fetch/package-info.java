// SPDX-License-Identifier: Apache-2.0
/// What a fetch remembers and gives: sessions that spare clients to name every partition each time,
/// and records that go from the log's file to the socket without being read.
package dev.varve.ingest.wire.fetch;
