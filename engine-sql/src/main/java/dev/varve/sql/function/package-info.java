// SPDX-License-Identifier: Apache-2.0
/// Every function SQL can name: the registry, and how a call finds its code.
package dev.varve.sql.function;
