-- SPDX-License-Identifier: GPL-2.0-or-later

-- The peer of script/bench: what someone would write in Lua, in an afternoon, to have the same of
-- Wireshark: the calls on ports 1730-1732, their messages, H.245 and media joined by one number
-- that can be filtered, how each ended, and a line for each at the end. It knows less than the
-- plugin (nothing of damage, repeated captures, RAS, native messages, foreign traffic, findings).

local peer = Proto("msiccp_peer", "Calls on ports 1730-1732, in Lua")
local f = {
    session = ProtoField.uint32("msiccp_peer.session", "Session"),
    channel = ProtoField.string("msiccp_peer.channel", "Channel"),
    state = ProtoField.string("msiccp_peer.state", "State"),
    setup_in = ProtoField.framenum("msiccp_peer.setup_in", "Set-up in"),
    event = ProtoField.string("msiccp_peer.event", "Event"),
    from_caller = ProtoField.bool("msiccp_peer.from_caller", "From the caller"),
    response_time = ProtoField.double("msiccp_peer.response_time", "Time since the request"),
    codec = ProtoField.string("msiccp_peer.codec", "Codec"),
    outcome = ProtoField.string("msiccp_peer.outcome", "Outcome"),
    talk_time = ProtoField.double("msiccp_peer.talk_time", "Talk time"),
}
peer.fields = { f.session, f.channel, f.state, f.setup_in, f.event, f.from_caller,
    f.response_time, f.codec, f.outcome, f.talk_time }

local message_type = Field.new("q931.message_type")
local reference = Field.new("q931.call_ref")
local cause = Field.new("q931.cause_value")
local display = Field.new("q931.display_information")
local guid = Field.new("h225.guid")
local offered_ip = Field.new("h225.h245Ip")
local offered_port = Field.new("h225.h245IpPort")
local stream = Field.new("tcp.stream")
local h245 = Field.new("h245.pdu_type")
local rtp_setup = Field.new("rtp.setup-frame")
local rtcp_setup = Field.new("rtcp.setup-frame")
local sequence = Field.new("rtp.seq")
local payload_type = Field.new("rtp.p_type")

local EVENTS = {
    [0x05] = { "request", "requested" },
    [0x02] = { "proceeding", "proceeding" },
    [0x01] = { "ringing", "ringing" },
    [0x07] = { "accept", "answered" },
    [0x62] = { "media" },
    [0x5a] = { "release", "released" },
}

local calls, by_identity, by_h245, by_frame, steps

function peer.init()
    calls, by_identity, by_h245, by_frame, steps = {}, {}, {}, {}, {}
end

local function on_our_port(pinfo)
    return (pinfo.src_port >= 1730 and pinfo.src_port <= 1732)
        or (pinfo.dst_port >= 1730 and pinfo.dst_port <= 1732)
end

local function identity()
    local id = guid()
    if id then return id.display end
    return tostring(stream().value) .. "/" .. tostring(reference().value)
end

local function new_call(pinfo)
    local call = { number = #calls + 1, setup = pinfo.number, begun = pinfo.abs_ts,
        caller = tostring(pinfo.src), callee = tostring(pinfo.dst), port = pinfo.src_port,
        name = display() and tostring(display().value) or "", packets = {}, lost = {}, last = {} }
    calls[call.number] = call
    return call
end

local function outcome_of(call)
    if call.answered then return "answered" end
    if call.cause == 17 then return "busy" end
    if call.cause == 18 or call.cause == 19 then return "no_answer" end
    return call.released_by_caller and "cancelled" or "rejected"
end

local function control(pinfo)
    local id = identity()
    local call = by_identity[id]
    if not call then
        call = new_call(pinfo)
        by_identity[id] = call
    end
    local kind = EVENTS[message_type().value] or { "other" }
    local from_caller = tostring(pinfo.src) == call.caller
    local step = { call = call, channel = "control", event = kind[1], from_caller = from_caller }
    call.state = kind[2] or call.state
    step.state = call.state
    if kind[1] == "accept" then call.answered = pinfo.abs_ts end
    if kind[1] ~= "request" and not call.response then
        call.response = pinfo.abs_ts - call.begun
        step.response_time = call.response
    end
    local ips, ports = { offered_ip() }, { offered_port() }
    for i = 1, #ips do
        if ports[i] then by_h245[tostring(ips[i].value) .. ":" .. ports[i].value] = call end
    end
    if kind[1] == "release" then
        call.cause = cause() and cause().value
        call.released_by_caller = from_caller
        step.outcome = outcome_of(call)
        call.outcome = step.outcome
        if call.answered then
            call.talked = pinfo.abs_ts - call.answered
            step.talk_time = call.talked
        end
    end
    by_frame[pinfo.number] = call
    return step
end

local function of_h245(pinfo)
    local call = by_h245[tostring(pinfo.dst) .. ":" .. pinfo.dst_port]
        or by_h245[tostring(pinfo.src) .. ":" .. pinfo.src_port]
    if not call then return nil end
    by_frame[pinfo.number] = call
    return { call = call, channel = "h245", state = call.state }
end

local function media(pinfo, setup, channel)
    local call = by_frame[setup.value]
    if not call then return nil end
    if channel == "rtp" and not pinfo.visited then
        local from = pinfo.src_port
        local number = sequence().value
        call.packets[from] = (call.packets[from] or 0) + 1
        local last = call.last[from]
        if last and number ~= (last + 1) % 65536 then
            call.lost[from] = (call.lost[from] or 0) + (number - last - 1) % 65536
        end
        call.last[from] = number
    end
    return { call = call, channel = channel, state = call.state }
end

local function step_of(pinfo)
    if steps[pinfo.number] then return steps[pinfo.number] end
    local setup = rtp_setup()
    if setup then return media(pinfo, setup, "rtp") end
    setup = rtcp_setup()
    if setup then return media(pinfo, setup, "rtcp") end
    local step
    if message_type() and on_our_port(pinfo) then
        step = control(pinfo)
    elseif h245() then
        step = of_h245(pinfo)
    end
    steps[pinfo.number] = step
    return step
end

function peer.dissector(_, pinfo, tree)
    local step = step_of(pinfo)
    if not step then return end
    local call = step.call
    local item = tree:add(peer)
    item:add(f.session, call.number):set_generated()
    item:add(f.channel, step.channel):set_generated()
    item:add(f.setup_in, call.setup):set_generated()
    if step.state then item:add(f.state, step.state):set_generated() end
    if step.channel == "rtp" then
        item:add(f.codec, tostring(payload_type().value)):set_generated()
    end
    if not step.event then return end
    item:add(f.event, step.event):set_generated()
    item:add(f.from_caller, step.from_caller):set_generated()
    if step.response_time then item:add(f.response_time, step.response_time:tonumber()):set_generated() end
    if step.outcome then item:add(f.outcome, step.outcome):set_generated() end
    if step.talk_time then item:add(f.talk_time, step.talk_time:tonumber()):set_generated() end
end

register_postdissector(peer)

-- The table of calls, as `-z msiccp,calls` has it: where it is asked for, since a listener costs.
if not os.getenv("MSICCP_PEER_TABLE") then return end

local tap = Listener.new("frame")

function tap.draw()
    for _, call in ipairs(calls) do
        local packets = 0
        for _, count in pairs(call.packets) do packets = packets + count end
        print(call.number, call.caller, call.callee, call.name, call.outcome or "incomplete", packets)
    end
end
