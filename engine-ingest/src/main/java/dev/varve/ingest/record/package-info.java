// SPDX-License-Identifier: Apache-2.0
/// Records as they travel and lie in the log: the batch format version 2 of the Kafka protocol, its
/// checks, and a cursor over the records of a batch.
package dev.varve.ingest.record;
