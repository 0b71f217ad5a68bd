/* fovea from C: grade MODEL.h5 CARD.json PICTURE.ppm prints the grade, then the model's outputs, each with the digits
 * that give back its bits. The picture (PPM, P6) may have any size: the card says what is done with it.
 *
 *   cc -std=c99 grade.c -o grade $(pkg-config --cflags --libs fovea)
 */
#include <fovea/fovea_c.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST_SIDE 20000

/* The pixels, to be freed, or NULL: this is no such picture. */
static uint8_t* read_ppm(const char* path, fovea_picture* picture) {
  uint8_t* pixels = NULL;
  int width = 0, height = 0, white = 0;
  FILE* file = fopen(path, "rb");
  if (file == NULL) return NULL;
  if (fscanf(file, "P6 %d %d %d", &width, &height, &white) == 3 && getc(file) != EOF && white == 255 && width > 0 &&
      width <= MOST_SIDE && height > 0 && height <= MOST_SIDE) {
    const size_t bytes = (size_t)width * (size_t)height * 3;
    pixels = malloc(bytes);
    if (pixels != NULL && fread(pixels, 1, bytes, file) != bytes) {
      free(pixels);
      pixels = NULL;
    }
  }
  fclose(file);
  picture->pixels = pixels;
  picture->width = width;
  picture->height = height;
  return pixels;
}

/* Says what was wrong, if anything was. */
static int ok(fovea_status status) {
  if (status == FOVEA_OK) return 1;
  fprintf(stderr, "grade: %s\n", fovea_last_error());
  return 0;
}

int main(int argc, char** argv) {
  fovea_model* model = NULL;
  fovea_card* card = NULL;
  fovea_session* session = NULL;
  fovea_picture picture = FOVEA_PICTURE_INIT;
  fovea_grade grade = FOVEA_GRADE_INIT;
  uint8_t* pixels = NULL;
  float* input = NULL;
  const float* outputs = NULL;
  size_t floats = 0, count = 0, i;
  int32_t has_self_test = 0;
  int exit_code = 2;

  if (argc != 4) {
    fputs("usage: grade MODEL.h5 CARD.json PICTURE.ppm\n", stderr);
    return 2;
  }
  if (!ok(fovea_model_load(argv[1], NULL, &model)) || !ok(fovea_card_read(argv[2], &card)) ||
      !ok(fovea_card_check(card, model))) {
    goto end;
  }
  /* A network that does not answer as Keras did grades nobody. */
  if (!ok(fovea_card_has_self_test(card, &has_self_test)) ||
      (has_self_test && !ok(fovea_card_self_test(card, model, 0, NULL)))) {
    goto end;
  }
  pixels = read_ppm(argv[3], &picture);
  if (pixels == NULL) {
    fprintf(stderr, "grade: %s: not a P6 picture of 8 bits a channel\n", argv[3]);
    goto end;
  }
  if (!ok(fovea_session_create(model, NULL, &session)) || !ok(fovea_session_input(session, 0, 0, &input, &floats)) ||
      !ok(fovea_card_prepare(card, model, &picture, input, floats)) || !ok(fovea_session_run(session, 1)) ||
      !ok(fovea_session_output(session, 0, 0, &outputs, &count)) ||
      !ok(fovea_card_grade(card, outputs, count, &grade, NULL, 0))) {
    goto end;
  }
  printf("grade %d %s\n", (int)grade.grade, grade.name != NULL ? grade.name : "");
  for (i = 0; i < count; ++i) printf("%.9g\n", (double)outputs[i]);
  exit_code = 0;

end:
  free(pixels);
  fovea_session_free(session);
  fovea_card_free(card);
  fovea_model_free(model);
  return exit_code;
}
