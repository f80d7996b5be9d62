<#-- SPDX-License-Identifier: Apache-2.0 -->

/** An operand. Calls come first: nearly every word may be a function's name. */
SqlNode AtomicRowExpression() :
{
    SqlNode e;
}
{
    (
        LOOKAHEAD({ Lexis.plainCallAhead(this) })
        e = NamedFunctionCall()
    |
        LOOKAHEAD({ Lexis.commaCastAhead(this) })
        e = CommaCast()
    |
        LOOKAHEAD({ Lexis.textCallAhead(this) })
        e = TextCall()
    |
        LOOKAHEAD({ getToken(1).kind == INTERVAL })
        e = Interval()
    |
        LOOKAHEAD(2)
        e = LiteralOrIntervalExpression()
    |
        e = DynamicParam()
    |
        LOOKAHEAD({ Lexis.valueParameterAhead(this) })
        e = NamedParameter()
    |
        LOOKAHEAD(2)
        e = BuiltinFunctionCall()
    |
        e = JdbcFunctionCall()
    |
        e = BracketArray()
    |
        LOOKAHEAD({ Lexis.braceMapAhead(this) })
        e = BraceMap()
    |
        e = ArrayConstructor()
    |
        <HEX_LITERAL> { e = Trees.hexNumber(getToken(0).image, getPos()); }
    |
        <BIT_STRING_LITERAL> { e = Trees.bitString(getToken(0).image, getPos()); }
    |
        e = CompoundIdentifier() { e = Trees.specialNumber((SqlIdentifier) e); }
    |
        <STAR> { return SqlIdentifier.star(getPos()); }
    |
        e = CaseExpression()
    )
    { return e; }
}

/** INTERVAL 1 DAY, INTERVAL x + 1 SECOND, INTERVAL '1 day'. */
SqlNode Interval() :
{
    final SqlNode amount;
    final Span s;
}
{
    <INTERVAL> { s = span(); }
    (
        LOOKAHEAD({ Intervals.isWhole(getToken(1), getToken(2)) })
        <QUOTED_STRING> { return Intervals.whole(getToken(0), s.end(this)); }
    |
        amount = Expression(ExprContext.ACCEPT_SUB_QUERY)
        { if (!Intervals.isUnit(getToken(1))) { throw generateParseException(); } }
        Identifier()
        { return Intervals.of(amount, getToken(0).image, s.end(this)); }
    )
}

/** An expression, which may be a condition with two outcomes: a ? b : c. */
SqlNode Expression(ExprContext exprContext) :
{
    SqlNode e;
    final SqlNode yes;
    final SqlNode no;
    final Span s;
}
{
    e = CalciteExpression(exprContext)
    [
        LOOKAHEAD(1)
        <HOOK> { s = Span.of(e); }
        yes = Expression(ExprContext.ACCEPT_SUB_QUERY)
        <COLON>
        no = Expression(ExprContext.ACCEPT_SUB_QUERY) {
            e = Trees.call("if", s.end(this), e, yes, no);
        }
    ]
    { return e; }
}

/** [a, b, c] */
SqlNode BracketArray() :
{
    final List<SqlNode> list = new ArrayList<SqlNode>();
    final Span s;
}
{
    <LBRACKET> { s = span(); }
    [
        AddArg(list, ExprContext.ACCEPT_SUB_QUERY)
        ( <COMMA> AddArg(list, ExprContext.ACCEPT_SUB_QUERY) )*
    ]
    <RBRACKET> {
        return Trees.call("array", s.end(this), list);
    }
}

/** {'a': 1, 'b': 2} */
SqlNode BraceMap() :
{
    final List<SqlNode> list = new ArrayList<SqlNode>();
    SqlNode e;
    final Span s;
}
{
    <LBRACE> { s = span(); }
    [
        AddMapEntry(list) ( <COMMA> AddMapEntry(list) )*
    ]
    <RBRACE> { return Trees.call("map", s.end(this), list); }
}

void AddMapEntry(List<SqlNode> list) :
{
    SqlNode e;
}
{
    e = Expression(ExprContext.ACCEPT_SUB_QUERY) { list.add(e); }
    <COLON>
    e = Expression(ExprContext.ACCEPT_SUB_QUERY) { list.add(e); }
}

/** a REGEXP b */
void RegexpMatch(List<Object> list, ExprContext exprContext, Span s) :
{
}
{
    <REGEXP> {
        checkNonQueryExpression(exprContext);
        list.add(new SqlParserUtil.ToTreeListItem(SqlLibraryOperators.RLIKE, getPos()));
    }
    AddExpression2b(list, ExprContext.ACCEPT_SUB_QUERY)
}

/** a DIV b, a MOD b */
void WholeDivision(List<Object> list, ExprContext exprContext, Span s) :
{
    final SqlOperator operator;
}
{
    (
        <DIV> { operator = Trees.DIV; }
    |
        <MOD> { operator = SqlStdOperatorTable.PERCENT_REMAINDER; }
    )
    {
        checkNonQueryExpression(exprContext);
        list.add(new SqlParserUtil.ToTreeListItem(operator, getPos()));
    }
    AddExpression2b(list, ExprContext.ACCEPT_SUB_QUERY)
}

/** CAST(x, 'Type') */
SqlNode CommaCast() :
{
    final SqlNode e;
    final String type;
    final SqlIdentifier alias;
    final Span s;
}
{
    <CAST> { s = span(); }
    <LPAREN>
    e = NamedExpression()
    <COMMA>
    type = SimpleStringLiteral() {
        final SqlDataTypeSpec spec = DataTypeSpec.of(type, getPos());
        final SqlNode spelling = SqlLiteral.createCharString(type, getPos());
    }
    [ [ <AS> ] alias = SimpleIdentifier() { state.alias(alias.getSimple(), spelling); } ]
    <RPAREN> {
        return SqlStdOperatorTable.CAST.createCall(s.end(this), e, spec);
    }
}

/** An expression that may be given a name, with AS or without. */
SqlNode NamedExpression() :
{
    final SqlNode e;
}
{
    e = Expression(ExprContext.ACCEPT_SUB_QUERY)
    InnerAlias(e)
    { return e; }
}

void InnerAlias(SqlNode e) :
{
    final SqlIdentifier alias;
}
{
    [
        <AS> alias = SimpleIdentifier() { state.alias(alias.getSimple(), e); }
    |
        LOOKAHEAD({ Lexis.innerAliasAhead(this) })
        alias = SimpleIdentifier() { state.alias(alias.getSimple(), e); }
    ]
}

/** substring(x FROM a FOR b) and trim(BOTH x FROM y), whose arguments may have names. */
SqlNode TextCall() :
{
    final Span s;
    final String name;
    String side = "BOTH";
    SqlNode a = null;
    SqlNode b = null;
    SqlNode c = null;
}
{
    ( <SUBSTRING> | <TRIM> ) { s = span(); name = getToken(0).image; }
    <LPAREN>
    [
        LOOKAHEAD(1)
        ( <BOTH> | <LEADING> | <TRAILING> ) { side = getToken(0).image; }
    ]
    [ LOOKAHEAD({ getToken(1).kind != FROM }) a = NamedExpression() ]
    [ ( <FROM> | <COMMA> ) b = NamedExpression() ]
    [ ( <FOR> | <COMMA> ) c = NamedExpression() ]
    <RPAREN> { return Trees.textCall(name, side, a, b, c, s.end(this)); }
}

/** What stands behind IN: a list, a query, a table, or an array or tuple. */
SqlNodeList InOperand() :
{
    final SqlNodeList list;
    final SqlNode e;
}
{
    list = ParenthesizedQueryOrCommaList(ExprContext.ACCEPT_NONCURSOR)
    { return Trees.inOperands(list); }
|
    e = AtomicRowExpression() { return Trees.inOperand(e); }
}

/** x::Type */
void InfixCast(List<Object> list, ExprContext exprContext, Span s) :
{
    final SqlDataTypeSpec type;
}
{
    <INFIX_CAST> {
        checkNonQueryExpression(exprContext);
    }
    type = DataType() {
        final int last = list.size() - 1;
        final SqlNode e = (SqlNode) list.get(last);
        list.set(last, SqlStdOperatorTable.CAST.createCall(Span.of(e).end(this), e, type));
    }
}

/** a &lt;=&gt; b */
void NullSafeEqual(List<Object> list, ExprContext exprContext, Span s) :
{
}
{
    <NULL_SAFE_EQUAL> {
        checkNonQueryExpression(exprContext);
        list.add(new SqlParserUtil.ToTreeListItem(
            SqlStdOperatorTable.IS_NOT_DISTINCT_FROM, getPos()));
    }
    AddExpression2b(list, ExprContext.ACCEPT_SUB_QUERY)
}

/** t.1: the lexer takes the dot as part of the number. */
void TupleElement(List<Object> list, ExprContext exprContext, Span s) :
{
}
{
    <DECIMAL_NUMERIC_LITERAL> {
        final String image = getToken(0).image;
        if (!image.startsWith(".")) {
            throw generateParseException();
        }
        final int last = list.size() - 1;
        final SqlNode e = (SqlNode) list.get(last);
        list.set(last, Trees.call("tupleElement", Span.of(e).end(this), e,
            SqlLiteral.createExactNumeric(image.substring(1), getPos())));
    }
}

/** A call, or one with parameters before its arguments: quantile(0.9)(x). */
SqlCall NamedCall() :
{
    SqlIdentifier name;
    final Span s;
    List<SqlNode> args;
    SqlLiteral quantifier = null;
}
{
    name = FunctionName() { s = span(); }
    (
        LOOKAHEAD(2) <LPAREN> <STAR> {
            args = ImmutableList.<SqlNode>of(SqlIdentifier.star(getPos()));
        }
        <RPAREN>
    |
        LOOKAHEAD(2) <LPAREN> <RPAREN> {
            args = ImmutableList.<SqlNode>of();
        }
    |
        args = FunctionParameterList(ExprContext.ACCEPT_SUB_QUERY) {
            quantifier = (SqlLiteral) args.get(0);
            args.remove(0);
        }
    )
    [
        LOOKAHEAD(1)
        {
            name = Trees.parametric(name, args);
            args = ImmutableList.<SqlNode>of();
            quantifier = null;
        }
        (
            LOOKAHEAD(2) <LPAREN> <RPAREN>
        |
            LOOKAHEAD(2) <LPAREN> <STAR> {
                args = ImmutableList.<SqlNode>of(SqlIdentifier.star(getPos()));
            }
            <RPAREN>
        |
            args = FunctionParameterList(ExprContext.ACCEPT_SUB_QUERY) {
                quantifier = (SqlLiteral) args.get(0);
                args.remove(0);
            }
        )
    ]
    {
        if (name.isSimple() && name.getSimple().equalsIgnoreCase("row")) {
            return SqlStdOperatorTable.ROW.createCall(s.end(this), args);
        }
        if (Trees.isMembership(name, args)) {
            return Trees.membership(name.getSimple(), args, s.end(this));
        }
        return createCall(name, s.end(this),
            SqlFunctionCategory.USER_DEFINED_FUNCTION, quantifier, args);
    }
}

void AddArgumentOrder(List<SqlNode> list) :
{
    final SqlNodeList order;
}
{
    order = OrderBy(true) { list.add(order); }
}

void AddArg0(List<SqlNode> list, ExprContext exprContext) :
{
    SqlNode e;
}
{
    (
        LOOKAHEAD((SimpleIdentifierOrList() | <LPAREN> <RPAREN>) <LAMBDA>)
        e = LambdaExpression()
    |
        LOOKAHEAD(SimpleIdentifier() ( <COMMA> SimpleIdentifier() )+ <LAMBDA>)
        e = BareLambda()
    |
        e = OrderedQueryOrExpr(ExprContext.ACCEPT_ALL)
    )
    InnerAlias(e)
    { list.add(e); }
}

/** x, y -> expression: all of the names before the arrow. */
SqlNode BareLambda() :
{
    final List<SqlNode> parameters = new ArrayList<SqlNode>();
    SqlIdentifier name;
    final SqlNode body;
    final Span s;
}
{
    name = SimpleIdentifier() { s = span(); parameters.add(name); }
    ( <COMMA> name = SimpleIdentifier() { parameters.add(name); } )+
    <LAMBDA>
    body = Expression(ExprContext.ACCEPT_SUB_QUERY)
    { return new SqlLambda(s.end(this), new SqlNodeList(parameters, s.pos()), body); }
}

void AddArg(List<SqlNode> list, ExprContext exprContext) :
{
    SqlNode e;
}
{
    (
        LOOKAHEAD((SimpleIdentifierOrList() | <LPAREN> <RPAREN>) <LAMBDA>)
        e = LambdaExpression()
    |
        e = Expression(exprContext)
    )
    InnerAlias(e)
    { list.add(e); }
}

SqlNodeList ParenthesizedQueryOrCommaList(ExprContext exprContext) :
{
    SqlNode e;
    final List<SqlNode> list = new ArrayList<SqlNode>();
    ExprContext firstExprContext = exprContext;
    final Span s;
}
{
    <LPAREN>
    {
        s = span();
        if (exprContext == ExprContext.ACCEPT_SUB_QUERY) {
            firstExprContext = ExprContext.ACCEPT_NONCURSOR;
        } else if (exprContext == ExprContext.ACCEPT_CURSOR) {
            firstExprContext = ExprContext.ACCEPT_ALL;
        }
    }
    e = OrderedQueryOrExpr(firstExprContext)
    InnerAlias(e)
    { list.add(e); }
    (
        LOOKAHEAD({ getToken(1).kind == COMMA && getToken(2).kind != RPAREN })
        <COMMA> { checkNonQueryExpression(exprContext); }
        AddArg(list, exprContext)
    )*
    [ <COMMA> { Trees.endTuple(list, s.end(this)); } ]
    <RPAREN>
    { return new SqlNodeList(list, s.end(this)); }
}

SqlNode DynamicParam() :
{
}
{
    <HOOK> {
        return ParameterLiterals.positional(state, nDynamicParams++, getPos());
    }
}

SqlNode NamedParameter() :
{
}
{
    <NAMED_PARAMETER> {
        return ParameterLiterals.named(state, getToken(0).image, getPos());
    }
}

/** A type as DataTypes spells it. */
SqlDataTypeSpec DataType() :
{
    final Token first;
}
{
    { first = getToken(1); }
    TypeSpelling()
    { return DataTypeSpec.of(state.source.slice(first, getToken(0)), getPos()); }
}

void TypeSpelling() :
{
}
{
    TypeWord()
    [ LOOKAHEAD(1) ( <PRECISION> | <VARYING> ) ]
    [ LOOKAHEAD(1) <LPAREN> TypeArguments() <RPAREN> ]
}

void TypeWord() :
{
}
{
    <IDENTIFIER>
|   <QUOTED_IDENTIFIER>
|   <BACK_QUOTED_IDENTIFIER>
|   NonReservedKeyWord()
|   <ARRAY>
|   <ANY>
}

void TypeArguments() :
{
}
{
    (
        TypeWord()
    |   <UNSIGNED_INTEGER_LITERAL>
    |   <DECIMAL_NUMERIC_LITERAL>
    |   <QUOTED_STRING>
    |   <COMMA>
    |   <EQ>
    |   <MINUS>
    |   <NULL>
    |   <DEFAULT_>
    |   <LPAREN> TypeArguments() <RPAREN>
    )*
}
