package scan

import "bytes"

// Tolerant walks over a document that is not JSON: by brackets, commas and keys,
// wherever they are still to be seen. It reads nothing itself; what it hands
// over as sound is JSON and is read by a Scanner. On a document that is JSON it
// finds the same parts as a Scanner does. Each byte is looked at a few times at
// the most, and nesting is bounded.
type Tolerant struct {
	Buf []byte
	Pos int
}

// Part is a piece of a damaged object, between two of its commas.
type Part struct {
	Key   []byte // with its quotes; nil when the piece does not begin with a key and a colon
	Value []byte // what follows the colon, without white space around it
	Text  []byte // all of the piece
	// Sound says that Text is a member as JSON has them, and that nothing
	// follows it which may belong to its value, as in 12,5.
	Sound bool
}

// NextObject moves to the next '{' that is not within a string. more is false
// if there is none; passed is what was passed over, nil if that was commas,
// brackets and white space alone.
func (l *Tolerant) NextObject() (passed []byte, more bool) {
	start := l.Pos
	for l.Pos < len(l.Buf) && l.Buf[l.Pos] != '{' {
		if l.Buf[l.Pos] == '"' {
			l.text()
		} else {
			l.Pos++
		}
	}
	return trimmed(l.Buf[start:l.Pos], " \t\r\n\x00,[]}"), l.Pos < len(l.Buf)
}

// Object reads the object that begins at Pos, hands over its parts in order and
// moves behind it. inArray tells that it is an element of an array, which may
// show that it ended without a bracket: by the array's own, or by the next
// element. closed is false then, and when the document ends within the object.
func (l *Tolerant) Object(inArray bool, each func(Part)) (closed bool) {
	o := object{Tolerant: l, inArray: inArray, each: each}
	closed = o.read()
	o.pass()
	return closed
}

// object is one call of Object.
type object struct {
	*Tolerant
	inArray bool
	each    func(Part)

	nest  uint64 // a bit for each level, 1 for an object; the lowest is the present one
	depth int
	comma bool // the last thing seen

	start, key, value int  // of the present piece; key and value are where they end and begin
	held              Part // not handed over yet: what follows may belong to it
	some              bool // there is one
}

func (o *object) read() (closed bool) {
	o.open(true)
	o.begin(o.Pos)
	for o.Pos < len(o.Buf) {
		c := o.Buf[o.Pos]
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' {
			o.Pos++
			continue
		}
		done, closed := o.step(c)
		if done {
			return closed
		}
		o.comma = c == ','
	}
	o.end(len(o.Buf), false)
	return false
}

// step takes what begins with c.
func (o *object) step(c byte) (done, closed bool) {
	switch c {
	case '"':
		o.string()
		return false, false
	case '{':
		return o.brace(), false
	case '[':
		o.open(false)
	case '}':
		return o.closeObject()
	case ']':
		return o.closeArray(), false
	case ',':
		if o.depth == 1 {
			o.end(o.Pos, true)
			o.begin(o.Pos + 1)
		}
		o.Pos++
	default:
		o.Pos++
	}
	if o.depth > maxDepth {
		o.Pos = len(o.Buf) // hostile: nothing of it is read
	}
	return false, false
}

// string passes over a string, which begins a piece if it is a key.
func (o *object) string() {
	start := o.Pos
	if isWord(o.Buf[start-1]) { // the end of one that began before a line's end
		o.Pos++
		return
	}
	o.text()
	end := o.Pos
	for o.Pos < len(o.Buf) && isSpace(o.Buf[o.Pos]) {
		o.Pos++
	}
	if o.Pos == len(o.Buf) || o.Buf[o.Pos] != ':' {
		return
	}
	for o.nest&1 == 0 { // arrays hold no keys: these lack their bracket
		o.close()
	}
	if o.depth != 1 || o.key > 0 && len(trimmed(o.Buf[o.value:start], space)) == 0 {
		return // a value: as in "a":"b":1, of which nobody knows what it means
	}
	o.end(start, false) // what is before without a comma, if anything
	o.Pos++
	o.start, o.key, o.value = start, end, o.Pos
}

// brace opens an object. Behind a comma within another object none can stand: a
// bracket is missing, and it is the next element of the array around.
func (o *object) brace() (done bool) {
	if o.comma && o.nest&1 == 1 && !o.unwind() && o.inArray {
		o.end(o.Pos, false)
		return true
	}
	o.open(true)
	return false
}

// unwind goes back to the innermost array, if there is one within the object.
func (o *object) unwind() bool {
	for depth, nest := o.depth, o.nest; depth > 0; depth, nest = depth-1, nest>>1 {
		if nest&1 == 0 {
			o.depth, o.nest = depth, nest
			return true
		}
	}
	return false
}

func (o *object) closeObject() (done, closed bool) {
	for o.nest&1 == 0 { // arrays that lack their bracket
		o.close()
	}
	if o.close(); o.depth == 0 {
		o.end(o.Pos, true)
		o.Pos++
		return true, true
	}
	o.Pos++
	return false, false
}

func (o *object) closeArray() (done bool) {
	switch {
	case o.unwind():
		o.close()
	case o.inArray:
		o.end(o.Pos, false)
		return true
	}
	o.Pos++
	return false
}

func (o *object) open(braces bool) {
	o.depth++
	o.nest <<= 1
	if braces {
		o.nest |= 1
	}
	o.Pos++
}

func (o *object) close() { o.depth, o.nest = o.depth-1, o.nest>>1 }

func (o *object) begin(offset int) { o.start, o.key, o.value = offset, 0, 0 }

// end takes the piece that ends at; followed says that a comma or a bracket is there.
func (o *object) end(offset int, followed bool) {
	p := Part{Text: trimmed(o.Buf[o.start:offset], space)}
	if len(p.Text) == 0 {
		return
	}
	if o.key > 0 {
		p.Key, p.Value = o.Buf[o.start:o.key], trimmed(o.Buf[o.value:offset], space)
		p.Sound = followed && member(p.Text)
	} else if o.some && o.held.continuedBy(p.Text) {
		o.held.Sound = false
		return
	}
	o.pass()
	o.held, o.some = p, true
}

func (o *object) pass() {
	if o.some {
		o.each(o.held)
	}
	o.some = false
}

// continuedBy tells whether a piece without a key may belong to p's value:
// whatever follows a text, and of a number the part behind a decimal comma.
func (p Part) continuedBy(piece []byte) bool {
	if p.Key == nil || len(p.Value) == 0 || p.Value[0] == '{' || p.Value[0] == '[' {
		return false
	}
	c := piece[0] | 0x20
	word := c >= 'a' && c <= 'z' || piece[0] == '\'' || piece[0] == '"'
	return p.Value[0] == '"' || !word || bytes.IndexByte(piece, ':') < 0
}

// member tells whether text is a key and a value as JSON has them.
func member(text []byte) bool {
	s := Scanner{Buf: text}
	if _, err := s.Key(); err != nil {
		return false
	}
	if _, err := s.Skip(); err != nil {
		return false
	}
	return s.End() == nil
}

// text passes over a string. A quotation mark ends it only where JSON goes on
// as it does behind a string, and the end of a line does in any case.
func (l *Tolerant) text() {
	l.Pos++
	for l.Pos < len(l.Buf) {
		c := l.Buf[l.Pos]
		l.Pos++
		switch {
		case c == '\\':
			l.Pos = min(l.Pos+1, len(l.Buf))
		case c == '\n' || c == '\r' || c == 0 || c == '"' && l.atEnd():
			return
		}
	}
}

// atEnd tells whether what comes next is what follows a string.
func (l *Tolerant) atEnd() bool {
	for _, c := range l.Buf[l.Pos:] {
		if !isSpace(c) {
			return c == ',' || c == ':' || c == '}' || c == ']' || c == 0
		}
	}
	return true
}

const space = " \t\r\n"

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
}

func trimmed(text []byte, cut string) []byte { return bytes.Trim(text, cut) }
