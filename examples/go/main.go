// fovea from Go: grade MODEL.h5 CARD.json PICTURE.ppm prints the grade, then the model's outputs, each with the digits that
// give back its bits. The picture (PPM, P6) may have any size: the card says what is done with it.
//
//	go build .    (pkg-config finds fovea)
package main

/*
#cgo pkg-config: fovea
#include <stdlib.h>
#include <fovea/fovea_c.h>
*/
import "C"

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"unsafe"
)

const mostSide = 20000

// The error of a call of this goroutine: what went wrong stands in the thread that made the call, so that the goroutine
// stays on it.
func failure(status C.fovea_status) error {
	if status == C.FOVEA_OK {
		return nil
	}
	return errors.New(C.GoString(C.fovea_last_error()))
}

func withText(text string, call func(*C.char) C.fovea_status) error {
	copied := C.CString(text)
	defer C.free(unsafe.Pointer(copied))
	return failure(call(copied))
}

type picture struct {
	width, height int
	pixels        []byte
}

func readPPM(path string) (picture, error) {
	file, err := os.Open(path)
	if err != nil {
		return picture{}, err
	}
	defer file.Close()
	reader := bufio.NewReader(file)
	var p picture
	var white int
	if _, err := fmt.Fscanf(reader, "P6\n%d %d\n%d", &p.width, &p.height, &white); err != nil || white != 255 ||
		p.width < 1 || p.width > mostSide || p.height < 1 || p.height > mostSide {
		return picture{}, fmt.Errorf("%s: not a P6 picture of 8 bits a channel", path)
	}
	if _, err := reader.Discard(1); err != nil {
		return picture{}, err
	}
	p.pixels = make([]byte, p.width*p.height*3)
	if _, err := io.ReadFull(reader, p.pixels); err != nil {
		return picture{}, fmt.Errorf("%s: the file ends before the picture", path)
	}
	return p, nil
}

// What the card makes of a picture, as the network's input.
func prepare(card *C.fovea_card, model *C.fovea_model, p picture) ([]float32, error) {
	input := C.fovea_tensor{struct_size: C.sizeof_fovea_tensor}
	if err := failure(C.fovea_model_input(model, 0, &input)); err != nil {
		return nil, err
	}
	// A struct that C reads may hold no pointer to Go's memory: the pixels are copied.
	pixels := C.CBytes(p.pixels)
	defer C.free(pixels)
	given := C.fovea_picture{struct_size: C.sizeof_fovea_picture, pixels: (*C.uint8_t)(pixels),
		width: C.int64_t(p.width), height: C.int64_t(p.height)}
	values := make([]float32, int(input.elements))
	err := failure(C.fovea_card_prepare(card, model, &given, (*C.float)(&values[0]), C.size_t(len(values))))
	return values, err
}

func predict(model *C.fovea_model, input []float32) ([]float32, error) {
	output := C.fovea_tensor{struct_size: C.sizeof_fovea_tensor}
	if err := failure(C.fovea_model_output(model, 0, &output)); err != nil {
		return nil, err
	}
	var session *C.fovea_session
	if err := failure(C.fovea_session_create(model, nil, &session)); err != nil {
		return nil, err
	}
	defer C.fovea_session_free(session)
	values := make([]float32, int(output.elements))
	err := failure(C.fovea_session_predict(session, 1, (*C.float)(&input[0]), C.size_t(len(input)),
		(*C.float)(&values[0]), C.size_t(len(values))))
	return values, err
}

func grade(modelPath, cardPath, picturePath string) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var model *C.fovea_model
	var card *C.fovea_card
	if err := withText(modelPath, func(path *C.char) C.fovea_status {
		return C.fovea_model_load(path, nil, &model)
	}); err != nil {
		return err
	}
	defer C.fovea_model_free(model)
	if err := withText(cardPath, func(path *C.char) C.fovea_status {
		return C.fovea_card_read(path, &card)
	}); err != nil {
		return err
	}
	defer C.fovea_card_free(card)
	if err := failure(C.fovea_card_check(card, model)); err != nil {
		return err
	}
	p, err := readPPM(picturePath)
	if err != nil {
		return err
	}
	input, err := prepare(card, model, p)
	if err != nil {
		return err
	}
	outputs, err := predict(model, input)
	if err != nil {
		return err
	}
	decided := C.fovea_grade{struct_size: C.sizeof_fovea_grade}
	if err := failure(C.fovea_card_grade(card, (*C.float)(&outputs[0]), C.size_t(len(outputs)), &decided, nil, 0)); err != nil {
		return err
	}
	fmt.Println("grade", decided.grade, C.GoString(decided.name))
	for _, value := range outputs {
		fmt.Println(strconv.FormatFloat(float64(value), 'g', 9, 32))
	}
	return nil
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: grade MODEL.h5 CARD.json PICTURE.ppm")
		os.Exit(2)
	}
	if err := grade(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "grade:", err)
		os.Exit(2)
	}
}
