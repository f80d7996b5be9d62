// SPDX-License-Identifier: Apache-2.0
/// The broker: topics and the tables behind them, connections, and the thread that keeps house.
package dev.varve.ingest.broker;
