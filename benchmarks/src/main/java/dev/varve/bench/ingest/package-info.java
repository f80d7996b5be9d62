// SPDX-License-Identifier: Apache-2.0
/// The log beside Apache Kafka: the same stock clients against either, in turns in one run.
package dev.varve.bench.ingest;
