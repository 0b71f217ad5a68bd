//! What this program uses of <fovea/fovea_c.h>, as Rust sees it, and handles that free themselves.
use std::ffi::{CStr, CString};
use std::mem::size_of;
use std::os::raw::{c_char, c_void};
use std::ptr::{null, null_mut};

type Status = u32;
const OK: Status = 0;

#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct Shape {
    pub rank: i32,
    reserved: i32,
    pub dims: [i64; 6],
}

#[repr(C)]
struct Tensor {
    struct_size: usize,
    name: *const c_char,
    shape: Shape,
    elements: i64,
}

#[repr(C)]
struct PictureArgument {
    struct_size: usize,
    pixels: *const u8,
    width: i64,
    height: i64,
    stride: i64,
    channels: u32,
    reserved: i32,
}

#[repr(C)]
struct GradeResult {
    struct_size: usize,
    grade: i32,
    grades: i32,
    referable: i32,
    deciding_output: i32,
    demo: i32,
    probabilities: i32,
    expected: f64,
    name: *const c_char,
}

extern "C" {
    fn fovea_last_error() -> *const c_char;
    fn fovea_model_load(path: *const c_char, options: *const c_void, model: *mut *mut c_void) -> Status;
    fn fovea_model_free(model: *mut c_void) -> Status;
    fn fovea_model_input(model: *const c_void, index: usize, input: *mut Tensor) -> Status;
    fn fovea_model_output(model: *const c_void, index: usize, output: *mut Tensor) -> Status;
    fn fovea_session_create(model: *const c_void, options: *const c_void, session: *mut *mut c_void) -> Status;
    fn fovea_session_free(session: *mut c_void) -> Status;
    fn fovea_session_predict(
        session: *mut c_void, batch: i32, input: *const f32, input_floats: usize, output: *mut f32, output_floats: usize,
    ) -> Status;
    fn fovea_card_read(path: *const c_char, card: *mut *mut c_void) -> Status;
    fn fovea_card_free(card: *mut c_void) -> Status;
    fn fovea_card_check(card: *const c_void, model: *const c_void) -> Status;
    fn fovea_card_prepare(
        card: *const c_void, model: *const c_void, picture: *const PictureArgument, values: *mut f32, floats: usize,
    ) -> Status;
    fn fovea_card_grade(
        card: *const c_void, outputs: *const f32, count: usize, grade: *mut GradeResult, probabilities: *mut f64,
        room: usize,
    ) -> Status;
}

fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

fn checked(status: Status) -> Result<(), String> {
    if status == OK { Ok(()) } else { Err(text(unsafe { fovea_last_error() })) }
}

fn c_text(text: &str) -> Result<CString, String> {
    CString::new(text).map_err(|_| format!("{text:?} holds a zero byte"))
}

type Elements = unsafe extern "C" fn(*const c_void, usize, *mut Tensor) -> Status;

/// A network ready to run.
pub struct Model(*mut c_void);

impl Model {
    pub fn load(path: &str) -> Result<Model, String> {
        let path = c_text(path)?;
        let mut handle = null_mut();
        checked(unsafe { fovea_model_load(path.as_ptr(), null(), &mut handle) })?;
        Ok(Model(handle))
    }

    fn elements(&self, ask: Elements) -> Result<usize, String> {
        let mut tensor =
            Tensor { struct_size: size_of::<Tensor>(), name: null(), shape: Shape::default(), elements: 0 };
        checked(unsafe { ask(self.0, 0, &mut tensor) })?;
        Ok(tensor.elements as usize)
    }

    /// The outputs for one image.
    pub fn predict(&self, input: &[f32]) -> Result<Vec<f32>, String> {
        let mut output = vec![0.0; self.elements(fovea_model_output)?];
        let mut session = null_mut();
        checked(unsafe { fovea_session_create(self.0, null(), &mut session) })?;
        let ran = checked(unsafe {
            fovea_session_predict(session, 1, input.as_ptr(), input.len(), output.as_mut_ptr(), output.len())
        });
        unsafe { fovea_session_free(session) };
        ran.map(|_| output)
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        unsafe { fovea_model_free(self.0) };
    }
}

/// What a model expects of its input and how its outputs become a grade.
pub struct Card(*mut c_void);

impl Card {
    pub fn read(path: &str) -> Result<Card, String> {
        let path = c_text(path)?;
        let mut handle = null_mut();
        checked(unsafe { fovea_card_read(path.as_ptr(), &mut handle) })?;
        Ok(Card(handle))
    }

    pub fn check(&self, model: &Model) -> Result<(), String> {
        checked(unsafe { fovea_card_check(self.0, model.0) })
    }

    /// The network's input of an RGB picture of 8 bits a channel.
    pub fn prepare(&self, model: &Model, width: usize, height: usize, pixels: &[u8]) -> Result<Vec<f32>, String> {
        if pixels.len() != width * height * 3 {
            return Err(format!("{} bytes are no picture of {width}x{height}", pixels.len()));
        }
        let picture = PictureArgument {
            struct_size: size_of::<PictureArgument>(),
            pixels: pixels.as_ptr(),
            width: width as i64,
            height: height as i64,
            stride: 0,
            channels: 0,
            reserved: 0,
        };
        let mut values = vec![0.0; model.elements(fovea_model_input)?];
        checked(unsafe { fovea_card_prepare(self.0, model.0, &picture, values.as_mut_ptr(), values.len()) })?;
        Ok(values)
    }

    /// The grade and its name.
    pub fn grade(&self, outputs: &[f32]) -> Result<(i32, String), String> {
        let mut grade = GradeResult {
            struct_size: size_of::<GradeResult>(),
            grade: 0,
            grades: 0,
            referable: 0,
            deciding_output: 0,
            demo: 0,
            probabilities: 0,
            expected: 0.0,
            name: null(),
        };
        checked(unsafe { fovea_card_grade(self.0, outputs.as_ptr(), outputs.len(), &mut grade, null_mut(), 0) })?;
        Ok((grade.grade, text(grade.name)))
    }
}

impl Drop for Card {
    fn drop(&mut self) {
        unsafe { fovea_card_free(self.0) };
    }
}
