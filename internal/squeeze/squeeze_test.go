package squeeze_test

import (
	"bytes"
	"errors"
	"testing"

	"presage"
	"presage/internal/squeeze"
)

func TestPackAndBack(t *testing.T) {
	t.Parallel()
	for _, want := range [][]byte{{}, []byte("[]"), bytes.Repeat([]byte(`{"component":"tyre_leak","status":"ok"},`), 300)} {
		data := squeeze.Pack(want)
		got, err := squeeze.Unpack(data)
		if err != nil || !bytes.Equal(got, want) || !squeeze.Packed(string(data)) {
			t.Errorf("%d bytes come back as %d: %v", len(want), len(got), err)
		}
		for i := range data { // a byte is another one: it is found out, or makes no difference
			damaged := bytes.Clone(data)
			damaged[i] ^= 0x55
			got, err := squeeze.Unpack(damaged)
			if !errors.Is(err, presage.ErrInvalid) && !bytes.Equal(got, want) {
				t.Fatalf("damaged byte %d of %d is not found out", i, len(data))
			}
		}
	}
}
