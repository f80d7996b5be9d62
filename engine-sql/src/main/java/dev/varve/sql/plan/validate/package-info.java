// SPDX-License-Identifier: Apache-2.0
/// Names and types of a query: the dialect's spellings become calls of our functions, every call
/// finds its types in the function registry, and every error names its place.
package dev.varve.sql.plan.validate;
