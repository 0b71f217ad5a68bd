//! fovea from Rust: grade MODEL.h5 CARD.json PICTURE.ppm prints the grade, then the model's outputs, each with the digits
//! that give back its bits. The picture (PPM, P6) may have any size: the card says what is done with it.
mod fovea;

use fovea::{Card, Model};

/// Width, height and pixels.
fn read_ppm(path: &str) -> Result<(usize, usize, Vec<u8>), String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let wrong = || format!("{path}: not a P6 picture of 8 bits a channel");
    let mut words = Vec::new();
    let mut at = 0;
    while words.len() < 4 {
        let end = bytes[at..].iter().position(u8::is_ascii_whitespace).ok_or_else(wrong)? + at;
        words.push(std::str::from_utf8(&bytes[at..end]).map_err(|_| wrong())?);
        at = end + 1;
    }
    let side = |word: &str| word.parse::<usize>().ok().filter(|&side| (1..=20000).contains(&side)).ok_or_else(wrong);
    let (width, height) = (side(words[1])?, side(words[2])?);
    if words[0] != "P6" || words[3] != "255" || bytes.len() < at + width * height * 3 {
        return Err(wrong());
    }
    Ok((width, height, bytes[at..at + width * height * 3].to_vec()))
}

fn grade(model: &str, card: &str, picture: &str) -> Result<(), String> {
    let model = Model::load(model)?;
    let card = Card::read(card)?;
    card.check(&model)?;
    let (width, height, pixels) = read_ppm(picture)?;
    let outputs = model.predict(&card.prepare(&model, width, height, &pixels)?)?;
    let (number, name) = card.grade(&outputs)?;
    println!("grade {number} {name}");
    for value in outputs {
        println!("{value:e}");
    }
    Ok(())
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if words.len() != 4 {
        eprintln!("usage: grade MODEL.h5 CARD.json PICTURE.ppm");
        std::process::exit(2);
    }
    if let Err(error) = grade(&words[1], &words[2], &words[3]) {
        eprintln!("grade: {error}");
        std::process::exit(2);
    }
}
