#!/usr/bin/env escript
%% Encodes values in aligned PER by Erlang's ASN.1 compiler: an encoder of others' making. Each line that comes is a term:
%%   {encode, Module, Type, Value}.     is answered by the octets in hexadecimal
%%   {random, Module, Type, Seed}.      by a random valid value of the type, as a term
%% test-captures/encoder.py asks, in a folder where script/encode-messages has compiled the modules.
%%
%% SPDX-License-Identifier: GPL-2.0-or-later

main(_) ->
    code:add_path("."),
    answer_all().

answer_all() ->
    case io:read("") of
        {ok, Asked} ->
            io:format("~s~n", [answer(Asked)]),
            answer_all();
        eof ->
            ok
    end.

answer({encode, Module, Type, Value}) ->
    case catch Module:encode(Type, Value) of
        {ok, Octets} -> binary:encode_hex(Octets);
        Failure -> io_lib:format("error ~0p", [Failure])
    end;
answer({random, Module, Type, Seed}) ->
    rand:seed(exsss, Seed),
    case catch asn1ct:value(Module, Type) of
        {ok, Value} -> io_lib:format("~w", [Value]);
        Failure -> io_lib:format("error ~0p", [Failure])
    end.
