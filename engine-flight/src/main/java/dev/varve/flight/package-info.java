// SPDX-License-Identifier: Apache-2.0
/// Arrow Flight SQL: statements, prepared statements and bulk ingestion for ADBC and its like.
package dev.varve.flight;
