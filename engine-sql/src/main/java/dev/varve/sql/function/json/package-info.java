// SPDX-License-Identifier: Apache-2.0
/// Functions of texts that hold JSON: values by path, JSONPath, the quick `simpleJSON` family.
package dev.varve.sql.function.json;
