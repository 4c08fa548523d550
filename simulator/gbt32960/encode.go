package gbt32960

import (
	"encoding/binary"
	"slices"
	"time"

	"presage"
)

// Report is one real-time frame.
type Report struct {
	At    time.Time // of the sample; frames have whole seconds
	Frame []byte
}

// Reissued is the report as it is sent when it could not be sent in time.
func (r Report) Reissued() Report {
	r.Frame = append([]byte(nil), r.Frame...)
	last := len(r.Frame) - 1
	r.Frame[2] = reissue
	r.Frame[last] = checkByte(r.Frame[2:last])
	return r
}

// Encoder writes one vehicle's samples as real-time frames.
type Encoder struct {
	VIN     presage.VIN
	Edition int // 2016, or 2025
}

// Commands and flags of a frame's head.
const (
	login     = 0x01
	realtime  = 0x02
	reissue   = 0x03
	logout    = 0x04
	isCommand = 0xFE
	okay      = 0x01
)

// Encode makes a frame of every sample in a native telemetry payload that holds
// something the standard has a register for, in order. The error is an
// ErrInvalid: the payload is no such document.
func (e Encoder) Encode(payload []byte) ([]Report, error) {
	samples, err := readings(payload)
	if err != nil {
		return nil, err
	}
	var out []Report
	for _, s := range samples {
		if data := e.information(s); len(data) > 0 {
			out = append(out, Report{At: s.at, Frame: e.frame(realtime, append(clock(s.at), data...))})
		}
	}
	return out, nil
}

// frame puts head and check byte around a data unit.
func (e Encoder) frame(command byte, data []byte) []byte {
	mark := byte('#')
	if e.Edition == 2025 {
		mark = '$'
	}
	b := append([]byte{mark, mark, command, isCommand}, e.VIN...)
	b = append(b, 0x01) // not enciphered
	b = binary.BigEndian.AppendUint16(b, uint16(len(data)))
	b = append(b, data...)
	return append(b, checkByte(b[2:]))
}

func checkByte(b []byte) byte {
	var x byte
	for _, c := range b {
		x ^= c
	}
	return x
}

// clock is an instant in Beijing as six bytes.
func clock(at time.Time) []byte {
	at = at.In(time.FixedZone("UTC+8", 8*60*60))
	return []byte{
		byte(at.Year() - 2000), byte(at.Month()), byte(at.Day()), byte(at.Hour()), byte(at.Minute()), byte(at.Second()),
	}
}

// information is the data unit behind the time.
func (e Encoder) information(s sample) []byte {
	var b body
	if known(s, presage.SignalSpeed, presage.SignalOdometer, presage.SignalPackVoltage, presage.SignalPackCurrent,
		presage.SignalStateOfCharge, presage.SignalIsCharging, presage.SignalInsulation) {
		e.vehicle(&b, s)
	}
	cells := s.numbers(presage.SignalCellVoltages)
	if e.Edition == 2025 {
		e.battery2025(&b, s, cells)
	} else {
		e.battery2016(&b, s, cells)
	}
	return b
}

func known(s sample, signals ...string) bool {
	return slices.ContainsFunc(signals, func(signal string) bool { _, ok := s.values[signal]; return ok })
}

// vehicle is information type 0x01.
func (e Encoder) vehicle(b *body, s sample) {
	speed, moving := s.number(presage.SignalSpeed)
	status := byte(0xFF)
	switch s.values[presage.SignalLowVoltageState] {
	case "ON", "START":
		status = 1
	case "OFF":
		status = 2
	}
	charging := byte(0xFF)
	if on, ok := s.values[presage.SignalIsCharging].(bool); ok {
		charging = 3
		if on {
			charging = 1
		}
	}
	*b = append(*b, 0x01, status, charging, 0x01) // purely electric
	b.word(speed, moving, 10, 0, 2200)
	metres, ok := s.number(presage.SignalOdometer)
	b.long(metres, ok, 0.01, 9_999_999)
	volts, ok := s.number(presage.SignalPackVoltage)
	b.word(volts, ok, 10, 0, 10_000)
	// Discharging counts as positive.
	offset := 1000.0
	if e.Edition == 2025 {
		offset = 3000
	}
	amps, ok := s.number(presage.SignalPackCurrent)
	b.word(amps, ok, -10, 10*offset, 20*offset)
	soc, ok := s.number(presage.SignalStateOfCharge)
	b.byte1(soc, ok, 0, 100)
	gear := byte(0x0F) // park
	if speed > 0 {
		gear = 0x0E // drive
	}
	*b = append(*b, 0xFF, gear) // the DC/DC converter is not known
	kiloohms, ok := s.number(presage.SignalInsulation)
	b.word(kiloohms, ok, 1, 0, 60_000)
	if e.Edition != 2025 {
		*b = append(*b, 0xFF, 0xFF) // pedals
	}
}

// battery2016 is extremes, alarms and cells of 2016.
func (e Encoder) battery2016(b *body, s sample, cells []float64) {
	highest, hot := s.number(presage.SignalPackTempMax)
	lowest, cold := s.number(presage.SignalPackTempMin)
	if len(cells) > 0 || hot || cold {
		*b = append(*b, 0x06)
		extreme(b, cells, slices.Max[[]float64])
		extreme(b, cells, slices.Min[[]float64])
		*b = append(*b, 1, 1)
		b.byte1(highest, hot, 40, 250)
		*b = append(*b, 1, 2)
		b.byte1(lowest, cold, 40, 250)
	}
	if level, ok := s.number(presage.SignalBMSWarning); ok {
		*b = append(*b, 0x07)
		b.byte1(level, true, 0, 3)
		*b = append(*b, 0, 0, 0, 0, 0, 0, 0, 0) // no flags, no codes
	}
	if len(cells) == 0 {
		return
	}
	const most = 200 // cells of one list
	*b = append(*b, 0x08, byte((len(cells)+most-1)/most))
	for from := 0; from < len(cells); from += most {
		part := cells[from:min(from+most, len(cells))]
		*b = append(*b, 1)
		power(b, s, 1000)
		*b = binary.BigEndian.AppendUint16(*b, uint16(len(cells)))
		*b = binary.BigEndian.AppendUint16(*b, uint16(from+1))
		*b = append(*b, byte(len(part)))
		volts(b, part)
	}
}

// extreme is the number and the voltage of the highest or lowest cell.
func extreme(b *body, cells []float64, which func([]float64) float64) {
	if len(cells) == 0 {
		*b = append(*b, 1, 0xFF, 0xFF, 0xFF)
		return
	}
	x := which(cells)
	number := slices.Index(cells, x) + 1
	if number > 250 {
		number = 0xFE
	}
	*b = append(*b, 1, byte(number))
	b.word(x, true, 1000, 0, 15_000)
}

// battery2025 is alarms, cells and temperatures of 2025, which has no extremes.
func (e Encoder) battery2025(b *body, s sample, cells []float64) {
	if level, ok := s.number(presage.SignalBMSWarning); ok {
		*b = append(*b, 0x06)
		b.byte1(level, true, 0, 4)
		*b = append(*b, 0, 0, 0, 0, 0, 0, 0, 0, 0) // no flags, no codes, no levels
	}
	if len(cells) > 0 {
		*b = append(*b, 0x07, 1, 1)
		power(b, s, 3000)
		*b = binary.BigEndian.AppendUint16(*b, uint16(len(cells)))
		volts(b, cells)
	}
	highest, hot := s.number(presage.SignalPackTempMax)
	lowest, cold := s.number(presage.SignalPackTempMin)
	if hot || cold {
		*b = append(*b, 0x08, 1, 1, 0, 2)
		b.byte1(highest, hot, 40, 250)
		b.byte1(lowest, cold, 40, 250)
	}
}

// power is a subsystem's voltage and current, those of the pack.
func power(b *body, s sample, offset float64) {
	volts, ok := s.number(presage.SignalPackVoltage)
	b.word(volts, ok, 10, 0, 10_000)
	amps, ok := s.number(presage.SignalPackCurrent)
	b.word(amps, ok, -10, 10*offset, 20*offset)
}

func volts(b *body, cells []float64) {
	for _, x := range cells {
		b.word(x, true, 1000, 0, 60_000)
	}
}
