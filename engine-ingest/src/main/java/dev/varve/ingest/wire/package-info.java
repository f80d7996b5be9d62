// SPDX-License-Identifier: Apache-2.0
/// The Kafka protocol: bytes of a request in, bytes of an answer out. The only place that knows the
/// message classes of `kafka-clients`, which are not a public interface; what a request means is
/// asked of [dev.varve.ingest.wire.BrokerOperations].
package dev.varve.ingest.wire;
