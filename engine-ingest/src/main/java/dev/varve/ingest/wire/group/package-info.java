// SPDX-License-Identifier: Apache-2.0
/// Consumer groups: Kafka's own coordinator, with our log under it and our topics before it.
package dev.varve.ingest.wire.group;
