// SPDX-License-Identifier: Apache-2.0
package dev.varve.storage.table;

/// A skip index as declared: `INDEX name expression TYPE type GRANULARITY granularity`.
///
/// @param type name and arguments as written, such as `bloom_filter(0.01)`
/// @param granularity granules that one entry of the index covers
public record SkipIndex(String name, String expression, String type, int granularity) {}
