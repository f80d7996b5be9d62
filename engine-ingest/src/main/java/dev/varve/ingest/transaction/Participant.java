// SPDX-License-Identifier: Apache-2.0
package dev.varve.ingest.transaction;

/// A partition that a transaction wrote to.
public record Participant(String topic, int partition) {}
