package frame

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"presage"
)

// Version tells the edition of the standard by the start mark.
type Version byte

// The editions. The value is the byte that the start mark repeats.
const (
	V2016 Version = '#'
	V2025 Version = '$'
)

// String is the edition's year.
func (v Version) String() string {
	if v == V2025 {
		return "2025"
	}
	return "2016"
}

// Command says what a frame is for.
type Command byte

// The commands of both editions (table 3) and their annex B; Activation and
// the two after it are of 2025 alone.
const (
	Login              Command = 0x01
	Realtime           Command = 0x02
	Reissue            Command = 0x03
	Logout             Command = 0x04
	PlatformLogin      Command = 0x05
	PlatformLogout     Command = 0x06
	Heartbeat          Command = 0x07
	TimeSync           Command = 0x08
	Activation         Command = 0x09
	ActivationResponse Command = 0x0A
	KeyExchange        Command = 0x0B
)

// String is a short constant word, "other" for what has no name here.
func (c Command) String() string {
	names := [...]string{
		"", "login", "realtime", "reissue", "logout", "platform_login", "platform_logout", "heartbeat", "time_sync",
		"activation", "activation_response", "key_exchange",
	}
	if c == 0 || int(c) >= len(names) {
		return "other"
	}
	return names[c]
}

// Flag says whether a frame is a command or how a command was received.
type Flag byte

// The response flags (table 4). 2016 knows OK, Failed and VINRepeated alone.
const (
	OK            Flag = 0x01
	Failed        Flag = 0x02
	VINRepeated   Flag = 0x03
	VINUnknown    Flag = 0x04
	BadSignature  Flag = 0x05
	BadStructure  Flag = 0x06
	BadDecryption Flag = 0x07
	IsCommand     Flag = 0xFE
)

// Where the fields stand, see the package comment.
const (
	checkFrom    = 2
	markBytes    = 2
	flagAt       = 3
	vinAt        = 4
	vinEnd       = 21
	encryptionAt = 21
	lengthAt     = 22
	headerBytes  = 24
	overhead     = headerBytes + 1 // and the check byte
	maxDataBytes = 65531           // table 2
)

// MaxBytes is the size of the largest frame that the standard allows.
const MaxBytes = overhead + maxDataBytes

// Encryption is how a data unit is enciphered: NoEncryption can be read here alone.
type Encryption byte

// The encryptions of table 2; SM2 and SM4 are of 2025.
const (
	NoEncryption       Encryption = 0x01
	RSA                Encryption = 0x02
	AES                Encryption = 0x03
	SM2                Encryption = 0x04
	SM4                Encryption = 0x05
	AbnormalEncryption Encryption = 0xFE
	InvalidEncryption  Encryption = 0xFF
)

// String is a short constant word.
func (e Encryption) String() string {
	switch e {
	case NoEncryption:
		return "none"
	case RSA:
		return "RSA"
	case AES:
		return "AES"
	case SM2:
		return "SM2"
	case SM4:
		return "SM4"
	case AbnormalEncryption, InvalidEncryption:
	}
	return fmt.Sprintf("0x%02X", byte(e))
}

// Frame is one frame, its check done.
type Frame struct {
	Version    Version
	Command    Command
	Flag       Flag
	VIN        string // 17 characters as sent: not checked to be a VIN
	Encryption Encryption
	Data       []byte // the data unit, part of the bytes that were parsed
}

// Parse reads b, which must be exactly one frame. The error is an ErrInvalid
// that says what is wrong; it never holds the VIN.
func Parse(b []byte) (Frame, error) {
	if len(b) < overhead {
		return Frame{}, fmt.Errorf("%w frame: %d bytes, at least %d", presage.ErrInvalid, len(b), overhead)
	}
	if fault := headerFault(b); fault != "" {
		return Frame{}, fmt.Errorf("%w frame: %s", presage.ErrInvalid, fault)
	}
	if want := size(b); len(b) != want {
		return Frame{}, fmt.Errorf("%w frame: %d bytes, its length field says %d", presage.ErrInvalid, len(b), want)
	}
	last := len(b) - 1
	if got, want := b[last], Check(b[checkFrom:last]); got != want {
		return Frame{}, fmt.Errorf("%w frame: check byte 0x%02X, want 0x%02X", presage.ErrInvalid, got, want)
	}
	return Frame{
		Version: Version(b[0]), Command: Command(b[markBytes]), Flag: Flag(b[flagAt]), VIN: string(b[vinAt:vinEnd]),
		Encryption: Encryption(b[encryptionAt]), Data: b[headerBytes:last],
	}, nil
}

// size is how many bytes the frame that begins with the header b has.
func size(b []byte) int { return overhead + int(binary.BigEndian.Uint16(b[lengthAt:])) }

// headerFault tells why b[:24] begins no frame, "" if it does.
func headerFault(b []byte) string {
	if b[0] != b[1] || Version(b[0]) != V2016 && Version(b[0]) != V2025 {
		return `no start mark "##" or "$$"`
	}
	if f := Flag(b[flagAt]); f != IsCommand && (f < OK || f > BadDecryption) {
		return fmt.Sprintf("response flag 0x%02X", byte(f))
	}
	if bytes.ContainsFunc(b[vinAt:vinEnd], func(c rune) bool { return c < ' ' || c > '~' }) {
		return "the VIN holds characters that are not ASCII"
	}
	if e := Encryption(b[encryptionAt]); e < NoEncryption || e > SM4 && e < AbnormalEncryption {
		return fmt.Sprintf("encryption 0x%02X", byte(e))
	}
	return ""
}

// Check is the BCC of b: the exclusive or of all its bytes.
func Check(b []byte) byte {
	var x byte
	for _, c := range b {
		x ^= c
	}
	return x
}

// Append adds the frame's bytes to b. A VIN of fewer than 17 characters is
// filled up with spaces, of a longer one the first 17 are taken; of the data
// the first 65,531 bytes are.
func (f Frame) Append(b []byte) []byte {
	data := f.Data[:min(len(f.Data), maxDataBytes)]
	from := len(b) + checkFrom
	b = append(b, byte(f.Version), byte(f.Version), byte(f.Command), byte(f.Flag))
	for i := range vinEnd - vinAt {
		if i < len(f.VIN) {
			b = append(b, f.VIN[i])
		} else {
			b = append(b, ' ')
		}
	}
	b = append(b, byte(f.Encryption))
	b = binary.BigEndian.AppendUint16(b, uint16(len(data)))
	b = append(b, data...)
	return append(b, Check(b[from:]))
}

// Answer is the response to the command f: the same command and VIN, the flag,
// and of the data unit its time alone, as the standard wants (6.3.2: change
// the flag, keep the time, delete the rest, compute the check byte anew). Now
// stands in where the command has no time, as heartbeats have none.
func (f Frame) Answer(flag Flag, now [TimeBytes]byte) Frame {
	if len(f.Data) >= TimeBytes && f.Encryption == NoEncryption {
		copy(now[:], f.Data)
	}
	return Frame{
		Version: f.Version, Command: f.Command, Flag: flag, VIN: f.VIN, Encryption: NoEncryption, Data: now[:],
	}
}
