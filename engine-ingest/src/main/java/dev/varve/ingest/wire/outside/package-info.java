// SPDX-License-Identifier: Apache-2.0
/// Tables that read topics of an outside Kafka cluster: records go through the materialized views
/// over the table, and the offsets they end at are committed with the rows.
package dev.varve.ingest.wire.outside;
