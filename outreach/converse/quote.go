package converse

import "strings"

// unquoted takes our own last messages out of a text: who sends one back, or
// quotes it below an answer, does not say "STOP to opt out". quoted tells that
// there was one.
func unquoted(text string, talks []talk) (own string, quoted bool) {
	own = text
	for _, t := range talks {
		flat, body := flattened(own), flattened(t.told.Body)
		if before, behind, found := strings.Cut(flat, body); found && body != "" {
			own, quoted = strings.Trim(before+"\n"+behind, " \n\"“”「」"), true
		}
	}
	return own, quoted
}

// flattened is a text without line breaks and the marks of quoted lines.
func flattened(text string) string {
	var words []string
	for line := range strings.Lines(text) {
		words = append(words, strings.Fields(strings.TrimLeft(line, "> \t"))...)
	}
	return strings.Join(words, " ")
}
