// SPDX-License-Identifier: Apache-2.0
/// From the log into tables: decode records before they are appended, make them durable together,
/// and show their rows in the order of their offsets, each once.
package dev.varve.ingest.sink;
