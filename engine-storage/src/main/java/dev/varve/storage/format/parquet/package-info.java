// SPDX-License-Identifier: Apache-2.0
/// Parquet files: their columns as ours, and our rows as files.
package dev.varve.storage.format.parquet;
